/** Names of one culture, most frequent first; other spellings of one name follow it after slashes. */
export interface Culture {
  /** Of a hundred people. */
  readonly share: number;
  readonly men: readonly string[];
  readonly women: readonly string[];
  readonly lastNames: readonly string[];
  /** How many of a hundred have a last name that is put together from these instead. */
  readonly rare?: { readonly share: number; readonly openings: readonly string[]; readonly endings: readonly string[] };
  /** The given name has its place behind the family name. */
  readonly familyFirst?: true;
  readonly womensLastNames?: (lastName: string) => string;
}

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

const englishOpenings = list(
  'Ash Black Brad Bright Brook Burn Butter Cald Car Chad Clay Cliff Cole Cran Crest Dal Dray East El Fair Fal Farn Glad Gold Gran Green Hal Ham Hart Haw Heath Hol Horn Kel Kirk Lang Lin Lock Long Mar Mel Mill Mor Nor Oak Old Pem Pen Rad Raven Red Rock Row Sand Shel Stan Stock Straw Sum Thorn Tre Wal War Wat Well West Whit Wil Win Wood Wor',
);
const englishEndings = list(
  'beck berry bourne bridge brook burn bury by combe cott croft dale den field ford gate grove ham hurst ington land leigh ley low man mere mond more ridge shaw smith son stead stock ston stone stow ton tree wall ward water way well wick win wood worth yard',
);

/** Cultures by their part of a directory of mostly American and European people. */
export const CULTURES: readonly Culture[] = [
  {
    share: 45,
    men: list(
      'James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Mark Donald Steven Andrew Paul Joshua Kenneth Kevin Brian Timothy Ronald George Jason Edward Jeffrey Ryan Jacob Nicholas Gary Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Patrick Frank Raymond Jack Dennis Jerry Tyler Aaron Henry Douglas Peter Adam Zachary Nathan Walter Kyle Harold Carl Arthur Gerald Roger Keith Lawrence Terry Albert Jesse Austin Bruce Christian Ralph Bryan Eugene Louis Russell Philip Vincent Bradley Theodore Colin Trevor Graham Miles Owen Elliot Spencer Grant Reid Dominic',
    ),
    women: list(
      'Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Sandra Ashley Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Sharon Cynthia Dorothy Amy Kathleen Angela Shirley Emma Brenda Pamela Nicole Samantha Anna Katherine Christine Debra Rachel Carolyn Janet Maria Olivia Heather Helen Catherine Diane Julie Victoria Joyce Lauren Kelly Christina Joan Judith Evelyn Andrea Hannah Megan Cheryl Jacqueline Martha Madison Teresa Gloria Sara Janice Ann Kathryn Abigail Sophia Frances Jean Alice Judy Grace Beverly Denise Amber Theresa Danielle Brittany Natalie Charlotte Eleanor Fiona Imogen Holly Paige',
    ),
    lastNames: list(
      'Smith Johnson Williams Brown Jones Davis Miller Wilson Anderson Taylor Thomas Moore Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Baker Nelson Hall Campbell Mitchell Carter Roberts Phillips Evans Turner Parker Collins Edwards Stewart Morris Murphy Cook Rogers Morgan Cooper Peterson Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray James Hughes Price Myers Long Foster Sanders Ross Powell Sullivan Russell Perry Butler Barnes Fisher Henderson Coleman Simmons Patterson Jordan Reynolds Hamilton Graham Wallace West Cole Hayes Bryant Gibson Ellis Stevens Murray Ford Marshall Owens McDonald Kennedy Wells Woods Burke',
    ),
    rare: { share: 45, openings: englishOpenings, endings: englishEndings },
  },
  {
    share: 13,
    men: list(
      'José Juan Luis Carlos Jorge Jesús Miguel Antonio Francisco Alejandro Manuel Pedro Roberto Fernando Ricardo Eduardo Javier Sergio Rafael Daniel Diego Andrés Raúl Mario Alberto Oscar Arturo Enrique Pablo Guillermo Héctor Armando Marco Rubén Gustavo Mateo Santiago Emilio Ignacio Esteban',
    ),
    women: list(
      'María Ana Guadalupe Rosa Carmen Laura Patricia Elena Gabriela Isabel Claudia Sofía Alejandra Adriana Verónica Leticia Teresa Sandra Mónica Silvia Daniela Andrea Lucía Paula Carolina Natalia Marta Cristina Beatriz Raquel Valeria Camila Ximena Pilar Lorena Inés',
    ),
    lastNames: list(
      'García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Reyes Morales Cruz Ortiz Gutiérrez Chávez Ramos Ruiz Álvarez Mendoza Vásquez Castillo Jiménez Moreno Romero Herrera Medina Aguilar Garza Castro Vargas Fernández Guzmán Muñoz Salazar Soto Delgado Peña Ríos Silva Ortega Núñez Campos Vega Guerrero Rojas Cabrera Cortés Navarro Molina Acosta Fuentes Mejía Domínguez Santos Ibarra Cervantes Rosales Zamora Villarreal Montoya Escobar',
    ),
  },
  {
    share: 13,
    men: list(
      'Rajesh/Rajeesh Amit Sanjay Vijay Rahul Anil Sunil Ravi Suresh Ramesh Arun Ashok Manoj Deepak Vikram Ajay Sandeep Rohit Nikhil Arjun/Arjoon Karthik/Kartik Srinivas/Shrinivas Venkata Pradeep Ganesh Mahesh Naveen Prakash Harish Krishna Vinod Anand Abhishek Siddharth/Sidharth Gaurav/Gourav Varun Kiran Aditya/Adithya Pranav Vivek Mohan',
    ),
    women: list(
      'Priya Anita Sunita Kavita/Kavitha Pooja/Puja Neha Divya Swati/Swathi Lakshmi/Laxmi Anjali Deepa Meena Rekha Shweta/Swetha Sneha Nisha Ritu Asha Geeta/Gita Shilpa Radha Aishwarya Ananya Sangeeta/Sangita Vidya Padma Preeti/Priti Jyoti/Jyothi Archana Bhavna/Bhavana',
    ),
    lastNames: list(
      'Patel Sharma Singh Kumar Gupta Shah Reddy Rao Mehta Desai Joshi Nair Iyer Verma/Varma Agarwal/Aggarwal Jain Mishra/Misra Chopra Kapoor/Kapur Malhotra Banerjee/Banerji Mukherjee/Mukherji Chatterjee/Chatterji Das Ghosh Bose Pillai Menon Naidu Choudhary/Chaudhary/Choudhury Pandey Tiwari/Tiwary Yadav Bhat/Bhatt Kulkarni Deshmukh Patil Srinivasan/Shrinivasan Subramanian/Subramaniam Raman Krishnan Venkatesan Gandhi Trivedi Saxena Bhatia Sethi Arora Khanna Mathur',
    ),
    rare: {
      share: 25,
      openings: list(
        'Bala Chandra Gopala Hari Jaya Kara Madhava Maha Nara Parama Raja Rama Sankara Siva Sunda Thiru Vasu Vija Viswa Yaga',
      ),
      endings: list(
        'nathan murthy raman rajan lingam swamy krishnan subban giri moorthi pathi nayagam dasan samy kumaran',
      ),
    },
  },
  {
    share: 9,
    familyFirst: true,
    men: list(
      'Wei/伟 Qiang/强 Lei/磊 Jun/军 Yong/勇 Jie/杰 Tao/涛 Ming/明 Chao/超 Gang/刚 Hao/浩 Kai/凯 Jian/健 Feng/峰 Bin/斌 Peng/鹏 Bo/波 Xiaoming/晓明 Zhiqiang/志强 Jianguo/建国 Yichen Haoran Zihan Junjie/俊杰 Guoqiang/国强 Wenjie/文杰 Tianyu/天宇 Zhihao/志浩',
    ),
    women: list(
      'Fang/芳 Na/娜 Min/敏 Jing/静 Li/丽 Yan/艳 Juan/娟 Xia/霞 Hong/红 Ying/英 Xue/雪 Mei/梅 Lin/琳 Xin/欣 Yi/怡 Ting/婷 Xiaoyan/晓燕 Yuting/雨婷 Jiayi/佳怡 Siyu/思雨 Meiling/梅玲 Yulan/玉兰 Xiaohong/晓红 Wenjing/文静',
    ),
    lastNames: list(
      'Wang/王/Wong Li/李/Lee Zhang/张/Chang Liu/刘/Lau Chen/陈/Chan Yang/杨/Yeung Huang/黄/Hwang Zhao/赵/Chao Wu/吴/Ng Zhou/周/Chow Xu/徐/Hsu Sun/孙/Suen Ma/马 Zhu/朱/Chu Hu/胡 Guo/郭/Kwok He/何/Ho Gao/高/Kao Lin/林/Lam Luo/罗/Lo Zheng/郑/Cheng Liang/梁/Leung Xie/谢/Hsieh Song/宋/Sung Tang/唐 Han/韩 Feng/冯/Fung Deng/邓 Cao/曹 Peng/彭',
    ),
  },
  {
    share: 8,
    men: list(
      'Thomas Michael Andreas Stefan Peter Wolfgang Klaus Jürgen/Juergen Markus Christian Matthias Jörg/Joerg Lars Sven Björn/Bjoern Jan Hans Karl Dieter Uwe Frank Günther/Guenther/Gunther Martin Alexander Sebastian Tobias Florian Philipp Johannes Lukas Niklas Magnus Henrik Anders Erik',
    ),
    women: list(
      'Sabine Susanne Petra Monika Claudia Birgit Andrea Heike Stefanie Katrin/Kathrin Anja Julia Katharina Christina Nicole Silke Martina Ursula Ingrid Renate Anna Lena Laura Hannah Johanna Kristin Astrid Ingeborg Greta Frieda',
    ),
    lastNames: list(
      'Müller/Mueller/Muller Schmidt Schneider Fischer Weber Meyer/Meier/Mayer Wagner Becker Schulz/Schultz Hoffmann/Hofmann Schäfer/Schaefer/Schafer Koch Bauer Richter Klein Wolf Schröder/Schroeder/Schroder Neumann Schwarz Zimmermann Braun Krüger/Krueger/Kruger Hartmann Lange Werner Krause Lehmann Köhler/Koehler/Kohler Huber Fuchs Vogel Keller Jansen/Janssen Hansen Andersen Nielsen Larsson Eriksson Lindström/Lindstrom Bergström/Bergstrom',
    ),
    rare: {
      share: 35,
      openings: list(
        'Acker Alten Berg Birken Blumen Buchen Burg Dorn Eber Eichen Eisen Fal Feld Gold Grün Hagen Hoch Kalten Kirch Kron Lang Linden Mühl Nieder Ober Rosen Rot Sand Schön Silber Stein Tannen Wald Weiden Wein',
      ),
      endings: list(
        'bach baum berg blum brink busch dorf feld garten hagen hauer haus heim hof horst mann meier rath scheid stein thal wald',
      ),
    },
  },
  {
    share: 5,
    men: list(
      'Aleksandr/Alexander/Александр Sergei/Sergey/Сергей Dmitry/Dmitri/Dmitrii/Дмитрий Andrei/Andrey/Андрей Alexei/Aleksey/Алексей Ivan/Иван Mikhail/Михаил Nikolai/Nikolay/Николай Yuri/Yury/Iurii/Юрий Vladimir/Владимир Oleg/Олег Igor/Игорь Pavel/Павел Maxim/Maksim/Максим Evgeny/Yevgeny/Evgenii/Евгений Piotr/Pyotr Krzysztof Marek Tomasz Jakub',
    ),
    women: list(
      'Elena/Yelena/Елена Olga/Ольга Natalia/Nataliya/Наталья Irina/Ирина Tatiana/Tatyana/Татьяна Svetlana/Светлана Maria/Mariya/Мария Anna/Анна Ekaterina/Yekaterina/Екатерина Yulia/Julia/Юлия Anastasia/Anastasiya/Анастасия Oksana/Оксана Daria/Darya/Дарья Agnieszka Katarzyna Małgorzata',
    ),
    lastNames: list(
      'Ivanov/Иванов Smirnov/Смирнов Kuznetsov/Kuznetzov/Кузнецов Popov/Попов Vasiliev/Vasilyev/Васильев Petrov/Петров Sokolov/Соколов Mikhailov/Mikhaylov/Михайлов Fedorov/Fyodorov/Федоров Morozov/Морозов Volkov/Волков Alekseev/Alexeev/Алексеев Lebedev/Лебедев Semenov/Semyonov/Семенов Egorov/Yegorov/Егоров Pavlov/Павлов Kozlov/Козлов Stepanov/Степанов Nikolaev/Nikolayev/Николаев Orlov/Орлов Makarov/Макаров Zakharov/Захаров Kovalenko Shevchenko Bondarenko Tkachenko Nowak Kowalczyk Mazur Wozniak/Woźniak',
    ),
    womensLastNames: (name) =>
      /(?:ов|ев|ёв)$/u.test(name) ? `${name}а` : /(?:ov|ev)$/u.test(name) ? `${name}a` : name,
  },
  {
    share: 4,
    men: list(
      'Mohammed/Muhammad/Mohamed/محمد Ahmed/Ahmad/أحمد Ali/علي Hassan/Hasan Hussein/Hussain Omar/Umar Khalid/Khaled Ibrahim Yousef/Yusuf/Youssef Mahmoud/Mahmood Abdullah/Abdallah Tariq/Tarek Karim/Kareem Samir/Sameer Faisal/Faysal Bilal Hamza/Hamzah Mustafa/Mostafa Rashid/Rasheed Nasser/Nasir',
    ),
    women: list(
      'Fatima/Fatma/Fatimah Aisha/Ayesha/Aysha Mariam/Maryam Zainab/Zaynab Layla/Leila/Laila Noor/Nour Amina/Aminah Huda/Hoda Salma Rania/Raniya Yasmin/Yasmeen Hana/Hanaa Sara/Sarah Dina/Deena Samira/Sameera',
    ),
    lastNames: list(
      'Khan Ahmed/Ahmad Ali Hussain/Hussein Malik Hassan/Hasan Rahman/Rehman Sheikh/Shaikh Qureshi/Quraishi Siddiqui/Siddiqi Ansari Mansour/Mansoor Haddad Khoury/Khouri Nasser/Nasir Saleh/Salih Farouk/Farooq Aziz Karim/Kareem Hamdan Abbas Mahmoud/Mahmood Darwish Najjar Saad Bakri Othman/Osman Younis/Younes',
    ),
  },
  {
    share: 3,
    familyFirst: true,
    men: list(
      'Minjun/Min-jun/민준 Jihoon/Ji-hoon/지훈 Seojun/서준 Hyunwoo/Hyun-woo/현우 Junho/Jun-ho/준호 Dongwook/동욱 Sungmin/Sung-min/성민 Jaehyun/Jae-hyun/재현 Anh Minh Hung/Hùng Tuan/Tuấn Dung/Dũng Long Nam Khoa',
    ),
    women: list(
      'Jiwoo/Ji-woo/지우 Seoyeon/서연 Minji/Min-ji/민지 Soojin/Soo-jin/수진 Eunji/Eun-ji/은지 Hyejin/혜진 Yuna/유나 Linh Huong/Hương Lan Mai Thao/Thảo Trang Ngoc/Ngọc Phuong/Phương',
    ),
    lastNames: list(
      'Kim/김 Lee/이/Yi Park/박/Pak Choi/최/Choe Jung/정/Jeong Kang/강 Cho/조/Jo Yoon/윤/Yun Jang/장 Lim/임/Im Nguyen/Nguyễn Tran/Trần Le/Lê Pham/Phạm Hoang/Hoàng Vu/Vũ Dang/Đặng Bui/Bùi',
    ),
  },
];

/** Short forms that people go by. */
export const SHORT_FORMS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  'James:Jim,Jimmy,Jamie John:Jack,Johnny Robert:Bob,Rob,Bobby Michael:Mike,Mick William:Bill,Will,Billy David:Dave Richard:Rick,Dick,Rich Joseph:Joe Thomas:Tom,Tommy Charles:Charlie,Chuck Christopher:Chris Daniel:Dan,Danny Matthew:Matt Anthony:Tony Donald:Don Steven:Steve Andrew:Andy,Drew Joshua:Josh Kenneth:Ken Timothy:Tim Ronald:Ron Edward:Ed,Eddie,Ted Jeffrey:Jeff Jacob:Jake Nicholas:Nick Jonathan:Jon Stephen:Steve Benjamin:Ben Samuel:Sam Gregory:Greg Alexander:Alex,Sandy Patrick:Pat Raymond:Ray Gerald:Gerry Lawrence:Larry Albert:Al Eugene:Gene Philip:Phil Vincent:Vince Bradley:Brad Theodore:Ted,Theo Zachary:Zach Nathan:Nate Douglas:Doug Patricia:Pat,Trish,Patty Jennifer:Jen,Jenny Elizabeth:Liz,Beth,Betty Barbara:Barb Susan:Sue Jessica:Jess Nancy:Nan Kimberly:Kim Michelle:Shelly Amanda:Mandy Deborah:Deb,Debbie Stephanie:Steph Rebecca:Becky,Becca Cynthia:Cindy Pamela:Pam Samantha:Sam Katherine:Kate,Kathy,Katie Christine:Chris,Tina Catherine:Cathy,Kate Victoria:Vicky,Tori Christina:Tina,Chris Judith:Judy Megan:Meg Jacqueline:Jackie Teresa:Terry Abigail:Abby Theresa:Terry,Tess Danielle:Dani Natalie:Nat Charlotte:Lottie Eleanor:Ellie Francisco:Paco,Frank José:Joe,Pepe Miguel:Mike Alejandro:Alex Roberto:Rob Eduardo:Eddie Ricardo:Rick Gabriela:Gabby Alejandra:Alex Daniela:Dani Rajesh:Raj Vijay:Vij Sanjay:Sanj Krishna:Kris Venkata:Venkat Aleksandr:Sasha,Alex Dmitry:Dima Mikhail:Misha,Mike Nikolai:Kolya,Nick Evgeny:Eugene,Zhenya Ekaterina:Katya,Kate Maria:Masha Natalia:Natasha Tatiana:Tanya Anastasia:Nastya Mohammed:Mo,Mohd Katharina:Kathi,Kat Johannes:Hannes,Hans Sebastian:Basti,Seb'
    .split(' ')
    .map((entry) => [entry.split(':')[0] ?? '', (entry.split(':')[1] ?? '').split(',')] as const),
);
